import { text } from '../../classes/text.js';
import { h } from '../../ui/dom.js';
import { numberField } from '../../ui/number-field.js';

/**
 * The numbers that all questions about classes depend on, which few change: how many maps count, and the start of everything left to chance.
 * @param {import('../../classes/workbench.js').Workbench} workbench
 * @param {import('../../page/session/session.js').Session} session
 */
export function createNumbers(workbench, session) {
  /** @param {Parameters<typeof workbench.choose>[0]} choice */
  const choose = (choice) => workbench.choose(choice).catch((error) => session.report(error));
  const { perImage, perClass, seed } = session.state.classes;
  const fields = {
    perImage: numberField(text.own.perImage, perImage, (value) => choose({ perImage: value })),
    perClass: numberField(text.own.perClass, perClass, (value) => choose({ perClass: value })),
    seed: numberField(text.unique.split, seed, (value) => choose({ seed: value })),
  };
  return {
    element: h('div', { className: 'buttons' }, ...Object.values(fields).map(({ field }) => field)),
    update() {
      const { classes } = session.state;
      fields.perImage.show(classes.perImage);
      fields.perClass.show(classes.perClass);
      fields.seed.show(classes.seed);
    },
  };
}
