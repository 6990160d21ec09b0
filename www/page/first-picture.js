// The recorded first look's picture, before any other script is here: this one waits for none.

/** The page shows itself, and has drawn its own picture or shows something else. */
const OVER =
  'body:not(.waiting):is([data-state=error], :not([data-question=look]), :has(.card-picture > [data-drawn]))';

const picture = new Image();
picture.className = 'first-picture';
picture.alt = '';
picture.src = 'page/first-look/large.webp';

function stand() {
  // Asked before the picture stands: a browser that does not know the selector goes without it.
  if (document.querySelector(OVER)) return picture.remove();
  if (!picture.isConnected) document.body?.append(picture);
  requestAnimationFrame(stand);
}

// A snapshot or another view is asked for by the address.
if (!/open=|#(?!\/look$)./.test(location.href)) stand();
