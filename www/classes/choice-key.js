/**
 * Under what the choices in a model's figures are kept: those of the page's own model under one name, so that they outlive its studies,
 * which come anew with every layer and every start of the engine; those of other models under their study's.
 * @param {Pick<import('./workbench.js').StudyResult, 'study' | 'control'>} result
 */
export function choiceKey({ study, control }) {
  return `${study.owned ? study.id : 'own'} ${control}`;
}
