import { describe, expect, it } from 'vitest'
import { inspectProject } from '../../src/config/load-project.ts'
import { processingRecord } from '../../src/plan/processing-record.ts'
import { privacyRecord } from '../../src/report/privacy-record.ts'
import { writeProject } from './project-files.ts'

const PRIVACY = `privacy: { purpose: service, legalBasis: contract, sensitive: [birth_date, gender] }
sources:`
const PEOPLE = 'columns: { customer_id: id, birth_date: born_on, sex: { sql: "upper(gender)" }, country: country }'

/** The sound project whose customers have a date of birth and a gender, and these features. */
function inspect(features: string, sensitive = '', columns = PEOPLE) {
  const folder = writeProject({
    project: [
      ['sources:', PRIVACY],
      ['columns: { customer_id: id }', columns],
    ],
    pipeline: [
      ['  - recency\n', `  - recency\n${features}`],
      ['publish:', `${sensitive}publish:`],
    ],
  })
  return inspectProject(folder, ['shop'])
}

describe('columns that the project calls sensitive', () => {
  it.each([
    ['a feature of the catalogue that needs it', '  - age\n', 'age', 'birth_date'],
    [
      'an expression over it',
      '  - { decade: { sql: "max(year(birth_date)) // 10", of: customers } }\n',
      'decade',
      'birth_date',
    ],
    [
      'a column that a source calculates of it',
      '  - { isF: { sql: "count(*) filter (where sex = \'F\')", of: customers } }\n',
      'isF',
      'gender',
    ],
  ])('are refused in %s', (_, features, feature, column) => {
    const { problems } = inspect(features)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({
      file: 'pipelines/shop.yaml',
      line: 7,
      came: expect.stringContaining(`${feature} of column "${column}"`) as string,
      wanted: expect.stringContaining(`sensitive: { ${column}:`) as string,
    })
  })

  it('are let through where the pipeline says why, and stand with the reason in the record of processing', () => {
    const { problems, loaded, pipelines } = inspect('  - age\n', 'sensitive: { birth_date: prices by age group }\n')
    expect(problems).toEqual([])
    const record = processingRecord(pipelines[0]!.pipeline, loaded!.project)
    expect(record.sensitive).toEqual([{ feature: 'age', column: 'birth_date', reason: 'prices by age group' }])
    expect(privacyRecord(record)).toContain('  Sensitive     birth_date, in feature age: prices by age group')
  })

  it('do not disturb features of other columns', () => {
    expect(inspect('  - country\n').problems).toEqual([])
  })

  it('are named where a reason is given for something else', () => {
    const { problems } = inspect('', 'sensitive: { birthdate: why not }\n')
    expect(problems).toMatchObject([{ came: '"birthdate"', hint: expect.stringContaining('birth_date') as string }])
  })
})

describe('the record of processing', () => {
  it('says what is read, for what, and where it goes', () => {
    const { loaded, pipelines } = inspect('')
    const record = processingRecord(pipelines[0]!.pipeline, loaded!.project)
    expect(record).toMatchObject({
      purpose: 'service',
      legalBasis: 'contract',
      keptOutBy: [],
      recipients: [
        { target: 'dev', schema: 'segmentation_dev', files: 's3://acme-segments/dev/shop/' },
        { target: 'prod', schema: 'segmentation', files: 's3://acme-segments/prod/shop/' },
      ],
    })
    expect(record.reads).toContainEqual({
      role: 'customers',
      source: 'people',
      columns: ['customer_id', 'birth_date', 'sex', 'country'],
    })
  })
})
