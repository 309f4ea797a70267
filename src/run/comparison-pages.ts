/** Where the page of a comparison is, in both forms: addresses in the artifact store. */
export interface ComparisonPages {
  /** One file that needs nothing else. */
  readonly html: string
  readonly markdown: string
}

/** Roles of the files in the artifact of stage validate. They tell of its content and are none of it. */
export const pageRoles = { html: 'comparison_page', markdown: 'comparison_text' } as const

/** Role of the document that the report of a run is made of, beside the validation. */
export const sketchRole = 'sketch'
