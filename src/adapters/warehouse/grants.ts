import pg from 'pg'

export interface GrantOptions {
  readonly schema: string
  /** Role of those who read. */
  readonly reader: string
  /** Role of workers, and of people who roll back, adopt and tag. */
  readonly publisher: string
}

/**
 * SQL that lets a reader see the views and nothing else, and a publisher publish without owning the schema. To be run by whoever migrates,
 * again after each migration; it changes nothing that is as it should be.
 */
export function grantStatements({ schema, reader, publisher }: GrantOptions): readonly string[] {
  const name = pg.escapeIdentifier
  const text = pg.escapeLiteral
  const [inSchema, toReader, toPublisher] = [name(schema), name(reader), name(publisher)]
  const perform = (body: string): string => `do $grants$\nbegin\n${body}\nend $grants$;`
  const each = (kinds: string, statement: string): string =>
    perform(`  execute coalesce((
    select string_agg(format(${text(statement)}, relation.oid::regclass), '; ' order by relation.relname)
    from pg_class relation
    where relation.relnamespace = ${text(inSchema)}::regnamespace and ${kinds}
  ), 'select');`)
  return [
    ...[reader, publisher].map((role) =>
      perform(
        `  if not exists (select from pg_roles where rolname = ${text(role)}) then create role ${name(role)} nologin; end if;`,
      ),
    ),
    `grant usage on schema ${inSchema} to ${toReader}, ${toPublisher};`,
    each(`relation.relkind = 'v'`, `grant select on %s to ${toReader}, ${toPublisher}`),
    `grant create on schema ${inSchema} to ${toPublisher};`,
    perform(
      `  execute format('grant temporary on database %I to ${toPublisher.replaceAll("'", "''")}', current_database());`,
    ),
    each(
      `relation.relkind = 'r' and not relation.relispartition and relation.relname <> 'migration'`,
      `grant select, insert, update, delete on %s to ${toPublisher}`,
    ),
    `grant select on ${inSchema}.migration to ${toPublisher};`,
    each(`relation.relkind = 'S'`, `grant usage, select on %s to ${toPublisher}`),
    // Attaching and detaching a run's values is for the owner alone; the views go on reading as who migrates.
    perform(`  if not pg_has_role(current_user, ${text(publisher)}, 'usage') then
    execute format('grant ${toPublisher.replaceAll("'", "''")} to %I', current_user);
  end if;`),
    each(
      `(relation.relname = 'membership_score' or relation.relispartition and relation.relkind = 'r')
      and not pg_has_role(${text(publisher)}, relation.relowner, 'usage')`,
      `alter table %s owner to ${toPublisher}`,
    ),
  ]
}
