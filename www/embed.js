/**
 * A live figure in any page:
 *
 *     <script type="module" src="https://…/embed.js"></script>
 *     <featurescope-figure src="https://…/cat.featurescope.zip"></featurescope-figure>
 *
 * `src` is the address of a snapshot, or a link that the page has made. The element is a frame of this folder's embed.html, which
 * shows the recorded figure and runs the network only when it is asked to. With `still="picture.webp"` not even the frame loads
 * before that: the picture is shown, and a press loads the rest.
 */

const PAGE = new URL('embed.html', import.meta.url);
const STYLE = `
  :host { display: block; max-width: 980px; }
  iframe { display: block; width: 100%; height: 480px; border: 0; color-scheme: light dark; }
  button { display: block; position: relative; width: 100%; padding: 0; border: 0; background: none; cursor: pointer; }
  img { display: block; width: 100%; height: auto; }
  span { position: absolute; left: 12px; bottom: 12px; padding: 6px 12px; border-radius: 6px; background: #1f5fbf; color: #fff; font: 15px system-ui, sans-serif; }
`;

class FeaturescopeFigure extends HTMLElement {
  /** @type {HTMLIFrameElement | null} */
  #frame = null;

  /** @param {MessageEvent} event */
  #receive = ({ source, origin, data }) => {
    const height = Number(data?.featurescopeHeight);
    if (
      !this.#frame ||
      source !== this.#frame.contentWindow ||
      origin !== PAGE.origin ||
      !(height > 0 && height < 20_000)
    )
      return;
    this.#frame.style.height = `${Math.ceil(height)}px`;
  };

  connectedCallback() {
    addEventListener('message', this.#receive);
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const still = this.getAttribute('still');
    root.replaceChildren(still ? this.#still(root, still) : this.#load());
  }

  disconnectedCallback() {
    removeEventListener('message', this.#receive);
  }

  #load() {
    const frame = document.createElement('iframe');
    const page = new URL(PAGE);
    const source = new URL(this.getAttribute('src') ?? '', document.baseURI);
    // A link of the page has everything behind its "#".
    if (source.hash.length > 1) page.hash = source.hash;
    else page.searchParams.set('open', source.href);
    frame.src = page.href;
    frame.loading = 'lazy';
    frame.title = this.getAttribute('title') ?? this.getAttribute('alt') ?? 'Featurescope';
    this.#frame = frame;
    return frame;
  }

  /** @param {ShadowRoot} root @param {string} address */
  #still(root, address) {
    const button = document.createElement('button');
    const image = document.createElement('img');
    const label = document.createElement('span');
    image.src = new URL(address, document.baseURI).href;
    image.alt = this.getAttribute('alt') ?? '';
    label.textContent = '▶';
    button.append(image, label);
    button.addEventListener('click', () => root.replaceChildren(this.#load()));
    return button;
  }
}

if (!customElements.get('featurescope-figure')) customElements.define('featurescope-figure', FeaturescopeFigure);
