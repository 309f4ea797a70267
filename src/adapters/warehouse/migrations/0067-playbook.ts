import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

/** What is to be done with each segment, as each publication said. Old workers may keep running: what they publish has no plays. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists segment_play (
      publication_id bigint not null references publication on delete cascade,
      position int not null,
      segment_key text not null,
      character text not null,
      because text not null,
      message text not null,
      messaging text not null,
      offer text not null,
      channels text[] not null,
      content jsonb not null,
      journey jsonb not null,
      sales_priority text not null,
      territory text not null,
      account text not null,
      own text[] not null,
      primary key (publication_id, segment_key)
    )`.execute(db)
  await createCommentedView(
    db,
    'segment_playbook',
    'What is to be done with the customers of each live segment: message, offer, channels, content, journey, sales. A row a segment; it changes with what is live. What the pipeline says itself is named in own_fields; the rest is what customers of that character are usually given.',
    {
      pipeline: 'The segmentation.',
      segment_key: 'Lasting key of the segment.',
      segment_name: 'Name of the segment.',
      character:
        'What kind of customers it holds: champions, loyal, big_spenders, new, at_risk, dormant, occasional, core.',
      because: 'Why it has that character, in a sentence.',
      message: 'What is said to them.',
      messaging: 'How it is said.',
      offer: 'What they are offered.',
      channels: 'Where, the preferred first.',
      content: 'Which content belongs to them: a list of objects with asset and for.',
      journey: 'Their way: a list of objects with stage, touchpoints and trigger.',
      sales_priority: 'How early a sales team turns to them: high, medium, low.',
      territory: 'Which region or team sells to them. Empty: nobody said.',
      account: 'How single accounts are looked after. Empty: nobody said.',
      own_fields: 'What of this the pipeline says itself, as its YAML calls it.',
      run_key: 'The run that is live.',
      revision: 'Revision of the run.',
    },
    sql`select p.name as pipeline, y.segment_key, s.name as segment_name, y.character, y.because, y.message, y.messaging,
      y.offer, y.channels, y.content, y.journey, y.sales_priority, y.territory, y.account, y.own as own_fields, b.run_key, b.revision
      from pipeline p
      join publication b on b.id = p.publication_id
      join segment_play y on y.publication_id = b.id
      join publication_segment s on s.publication_id = b.id and s.segment_key = y.segment_key`,
  )
}
