import { overlayOptions } from '../page/state.js';
import { save } from '../ui/save.js';
import { h, setText } from '../ui/dom.js';
import { overlayCanvas, paint } from '../ui/overlay-canvas.js';
import { keepAnswers, readAnswers } from './answers.js';
import { answersFile, mapsToChooseFrom, strongestOf } from './rounds.js';
import { text } from './text.js';

/**
 * @typedef {import('../featurescope.js').Look} Look
 * @typedef {import('../page/state.js').Photo} Photo
 */

/** Photos beside the one in question; more would be too small to compare. */
const REFERENCES = 4;

/**
 * Students choose which map will fire before it is shown.
 * @param {import('../page/engine/session.js').Session} session
 */
export function createPredict(session) {
  const answers = readAnswers();
  let round = answers.length;
  /** @type {{ photo: Photo, look: Look }[]} */
  let looked = [];
  /** @type {ReturnType<typeof overlayCanvas>[]} */
  let canvases = [];
  let running = new AbortController();

  const place = h('div', { className: 'predict-round' });
  const score = h('p', { className: 'note' });
  const name = h('input', { id: 'predict-name', autocomplete: 'off' });
  const download = h(
    'button',
    {
      type: 'button',
      className: 'small',
      onclick: () => {
        const content = JSON.stringify(answersFile(name.value.trim(), answers), null, 2);
        save(new Blob([content], { type: 'application/json' }), 'featurescope-answers.json');
      },
    },
    text.predict.download,
  );
  const forget = h(
    'button',
    {
      type: 'button',
      className: 'small',
      onclick: () => {
        answers.length = 0;
        keepAnswers(answers);
        showScore();
      },
    },
    text.predict.forget,
  );
  const foot = h(
    'div',
    { className: 'predict-foot' },
    score,
    h('p', { className: 'field' }, h('label', { for: name.id }, text.predict.name), name),
    h('p', { className: 'buttons' }, download, forget),
  );
  const element = h('div', { className: 'predict' }, place, foot);

  function showScore() {
    setText(score, text.predict.score(answers.length, answers.filter(({ right }) => right).length));
    foot.hidden = answers.length === 0;
  }

  function clear() {
    canvases.forEach((canvas) => canvas.dispose());
    canvases = [];
    looked.forEach(({ look }) => look.close());
    looked = [];
  }

  async function start() {
    running.abort();
    const { signal } = (running = new AbortController());
    clear();
    showScore();
    place.replaceChildren(h('p', { role: 'status' }, text.predict.working));
    const { photos } = session.state;
    const { model } = session;
    const asked = photos[round % Math.max(1, photos.length)];
    const shown = [asked, ...photos.filter((photo) => photo !== asked).slice(0, REFERENCES)];
    const layer = session.state.layer ?? session.state.look?.layer;
    try {
      if (!model || photos.length < 2) throw undefined;
      for (const photo of shown) {
        const look = await model.look(photo.source, { ...(layer ? { layer } : {}), erase: photo.strokes, signal });
        if (signal.aborted) return look.close();
        looked.push({ photo, look });
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error) session.report(error);
    }
    const maps =
      looked.length < 2
        ? []
        : mapsToChooseFrom(
            looked.map(({ look }) => look),
            0,
            round,
          );
    if (maps.length < 2) place.replaceChildren(h('p', { role: 'status' }, text.predict.tooFew));
    else ask(maps);
  }

  /** @param {number[]} maps */
  function ask(maps) {
    const [{ photo, look }, ...references] = looked;
    const picture = h('canvas', { className: 'photo', role: 'img', 'aria-label': text.predict.asked(photo.name) });
    paint(picture, photo.thumbnail ?? look.seen());
    const why = h('input', { id: 'predict-why', autocomplete: 'off' });
    const line = h('p', { className: 'lead', role: 'status' });
    const show = h('button', { type: 'submit', className: 'primary' }, text.predict.show);
    const next = h(
      'button',
      {
        type: 'button',
        className: 'primary',
        hidden: true,
        onclick: () => {
          round += 1;
          start();
        },
      },
      text.predict.next,
    );
    const rows = maps.map((map) => {
      const choice = h('input', { type: 'radio', name: 'map', value: String(map), required: true });
      const seen = h('span', { className: 'predict-here', hidden: true });
      const tiles = references.map((reference) => tile(map, reference));
      return {
        map,
        seen,
        choice,
        element: h(
          'label',
          { className: 'predict-map', 'data-map': map },
          h('span', { className: 'predict-name' }, choice, ' ', text.predict.map(map)),
          h('span', { className: 'predict-tiles' }, ...tiles),
          seen,
        ),
      };
    });
    const form = h(
      'form',
      {
        className: 'predict-form',
        onsubmit: (/** @type {SubmitEvent} */ event) => {
          event.preventDefault();
          reveal(rows.find(({ choice }) => choice.checked)?.map);
        },
      },
      h('fieldset', {}, h('legend', {}, text.predict.maps), ...rows.map((row) => row.element)),
      h('p', { className: 'field' }, h('label', { for: why.id }, text.predict.why), why),
      line,
      h('p', { className: 'buttons' }, show, next),
    );

    /** @param {number | undefined} chosen */
    function reveal(chosen) {
      if (chosen === undefined) return setText(line, text.predict.choose);
      const strongest = strongestOf(look, maps);
      for (const row of rows) {
        row.choice.disabled = true;
        row.seen.hidden = false;
        row.seen.append(
          tile(row.map, looked[0]),
          h('span', { className: 'numbers' }, text.predict.mean(look.means[row.map])),
        );
        row.element.classList.toggle('strongest', row.map === strongest);
      }
      answers.push({
        time: new Date().toISOString(),
        model: session.state.model?.title ?? '',
        layer: look.layer,
        photo: photo.name,
        maps,
        means: maps.map((map) => look.means[map]),
        chosen,
        strongest,
        right: chosen === strongest,
        why: why.value.trim(),
      });
      keepAnswers(answers);
      showScore();
      setText(
        line,
        text.predict.result({
          chosen,
          chosenMean: look.means[chosen],
          strongest,
          strongestMean: look.means[strongest],
        }),
      );
      why.disabled = true;
      show.hidden = true;
      next.hidden = false;
      next.focus();
    }

    place.replaceChildren(
      h(
        'div',
        { className: 'predict-asked' },
        h('h3', {}, text.predict.question),
        picture,
        h('p', {}, photo.name),
        h('p', { className: 'note' }, text.predict.hint(references.length)),
      ),
      form,
    );
  }

  /**
   * One map over one photo, in one scale over all photos of the round: a weak map has to look weak.
   * @param {number} map
   * @param {{ photo: Photo, look: Look }} on
   */
  function tile(map, { look, photo }) {
    // A dead map would be drawn as a grey field; here it shall be seen that it finds nothing on the photo.
    if (look.dead[map]) {
      const plain = h('canvas', { className: 'overlay', title: photo.name });
      paint(plain, look.seen());
      return plain;
    }
    const scale = Math.max(...looked.map((one) => one.look.maxima[map]));
    const canvas = overlayCanvas();
    canvases.push(canvas);
    canvas.update({ look, maps: [map], options: { ...overlayOptions(session.state), scale: scale > 0 ? scale : 1 } });
    canvas.element.title = photo.name;
    return canvas.element;
  }

  return {
    element,
    start,
    stop: () => {
      running.abort();
      clear();
      place.replaceChildren();
    },
  };
}
