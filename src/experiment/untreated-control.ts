import type { ExperimentAnalysis } from './analyse-experiment.ts'

/** Measures that only who is contacted can have: see `layOutMeasured`. */
const OF_CONTACTS = ['contacts', 'response']

/**
 * What has to be said of measures that a control without treatment cannot have: the difference is then what was done, not what came of it.
 *
 * @param analysis of outcomes that a run measured
 */
export function notesOnUntreated({ control, effects }: ExperimentAnalysis): readonly string[] {
  const silent = effects.filter(({ metric, overall }) => OF_CONTACTS.includes(metric) && overall?.control === 0)
  return [...new Set(silent.map(({ metric }) => metric))].map((metric) =>
    metric === 'contacts'
      ? `Nobody of ${control} was contacted: the difference in contacts is what was done, not what came of it.`
      : `Nobody of ${control} answered a contact. Where none of them was contacted, the difference in response says only that others were: judge by what everybody can do, as conversion or spend.`,
  )
}
