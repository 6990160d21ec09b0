/**
 * A live figure in any page:
 *
 *     <script type="module" src="https://…/embed.js"></script>
 *     <featurescope-figure src="https://…/cat.featurescope.zip" show="map grid" height="620"></featurescope-figure>
 *
 * Attributes:
 * - `src`: the address of a snapshot, or a link that the page has made.
 * - `show`: what of it, separated by spaces: `map` (one large, beside the photo), `grid` (two rows of four), `photo`, `answer`, `drawing`,
 *   `alarm`, `means`, `cam`, `classes`, `table`. The grid when left out, or where nothing of it is there.
 * - `theme`: `light`, `dark` or `auto`, which looks at what lies behind the figure, and follows it.
 * - `height`: pixels that are kept free until the figure says how high it is, so that the text below does not move.
 * - `still`: a picture that stands there first; not even the frame loads before it is pressed. `alt` describes it.
 *
 * The element is a frame of this folder's embed.html, which shows the recorded figure and runs the network only when it is asked to.
 * It sends an event `featurescope-resize` with `detail.height` each time its height changes.
 */

const PAGE = new URL('embed.html', import.meta.url);
/** Pixels that are kept free where no `height` says how many. */
const HEIGHT = 480;
const STYLE = `
  :host { display: block; max-width: 980px; }
  iframe { display: block; width: 100%; border: 0; }
  button { display: block; position: relative; width: 100%; padding: 0; border: 0; background: none; cursor: pointer; }
  img { display: block; width: 100%; height: auto; }
  span { position: absolute; left: 12px; bottom: 12px; padding: 6px 12px; border-radius: 6px; background: #1f5fbf; color: #fff; font: 15px system-ui, sans-serif; }
`;
const DARK = matchMedia('(prefers-color-scheme: dark)');

class FeaturescopeFigure extends HTMLElement {
  static observedAttributes = ['theme'];
  /** @type {HTMLIFrameElement | null} */
  #frame = null;
  /** The figure has said something, so what is said to it arrives. */
  #listens = false;
  /** Sites that have a switch of their own for light and dark set something on the document for it. */
  #watcher = new MutationObserver(() => this.#dress());

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
    if (!this.#listens) {
      this.#listens = true;
      // The page around may have changed its theme while the figure was loading.
      this.#dress();
    }
    this.#frame.style.height = `${Math.ceil(height)}px`;
    this.dispatchEvent(
      new CustomEvent('featurescope-resize', { bubbles: true, detail: { height: Math.ceil(height) } }),
    );
  };

  #dress = () => {
    if (!this.#frame) return;
    const { theme, ground } = this.#theme();
    this.#frame.style.colorScheme = theme;
    if (this.#listens) this.#frame.contentWindow?.postMessage({ featurescopeTheme: theme, ground }, PAGE.origin);
  };

  connectedCallback() {
    addEventListener('message', this.#receive);
    DARK.addEventListener('change', this.#dress);
    for (const node of [document.documentElement, document.body]) this.#watcher.observe(node, { attributes: true });
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const still = this.getAttribute('still');
    root.replaceChildren(still ? this.#still(root, still) : this.#load());
  }

  disconnectedCallback() {
    removeEventListener('message', this.#receive);
    DARK.removeEventListener('change', this.#dress);
    this.#watcher.disconnect();
  }

  attributeChangedCallback() {
    this.#dress();
  }

  /** The figure's theme, and whether the page's own ground can show behind it since it is of the same. */
  #theme() {
    const around = isDark(this) ? 'dark' : 'light';
    const asked = this.getAttribute('theme')?.trim().toLowerCase();
    const theme = asked === 'light' || asked === 'dark' ? asked : around;
    return { theme, ground: theme === around ? 'none' : 'own' };
  }

  #load() {
    const frame = document.createElement('iframe');
    const page = new URL(PAGE);
    const source = new URL(this.getAttribute('src') ?? '', document.baseURI);
    // A link of the page has everything behind its "#".
    if (source.hash.length > 1) page.hash = source.hash;
    else page.searchParams.set('open', source.href);
    const show = this.getAttribute('show')?.trim();
    if (show) page.searchParams.set('show', show);
    const { theme, ground } = this.#theme();
    page.searchParams.set('theme', theme);
    page.searchParams.set('ground', ground);
    const height = Number(this.getAttribute('height'));
    frame.style.height = `${height > 0 && height < 20_000 ? height : HEIGHT}px`;
    // A frame is only transparent where its theme is that of what is in it.
    frame.style.colorScheme = theme;
    frame.src = page.href;
    frame.loading = 'lazy';
    frame.allow = 'fullscreen';
    frame.title = this.getAttribute('title') ?? this.getAttribute('alt') ?? 'Featurescope';
    this.#frame = frame;
    this.#listens = false;
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

/**
 * Whether what lies behind an element is dark: the first ground that is not transparent, or else the browser's own.
 * @param {Element} element
 */
function isDark(element) {
  /** @type {Element | null} */
  let node = element;
  while (node) {
    const lightness = lightnessOf(getComputedStyle(node).backgroundColor);
    if (lightness !== null) return lightness < 0.5;
    const root = node.getRootNode();
    node = node.assignedSlot ?? node.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
  }
  const schemes = getComputedStyle(document.documentElement).colorScheme;
  return schemes.includes('dark') && (DARK.matches || !schemes.includes('light'));
}

/**
 * How light a colour is, from 0 to 1, in whichever notation it is given; null where one sees through it.
 * @param {string} colour
 */
function lightnessOf(colour) {
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  if (!context) return null;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
  return alpha < 128 ? null : (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}

if (!customElements.get('featurescope-figure')) customElements.define('featurescope-figure', FeaturescopeFigure);
