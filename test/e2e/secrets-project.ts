import { join } from 'node:path'
import pg from 'pg'
import { WebhookServer } from '../adapters/destinations/webhook-server.ts'
import { MailServer } from '../adapters/notices/mail-server.ts'
import { SECRETS } from './planted-secrets.ts'
import { TestProject } from './project.ts'
import { shopPipeline } from './shop.ts'

const STAGES = {
  features: '[recency, frequency, monetary]',
  publish: '{ warehouse: warehouse, s3: lake, customerIds: pseudonyms }',
}

/** A project that needs every kind of secret, and the servers that want them. */
export class SecretsProject {
  readonly project: TestProject
  readonly chat: WebhookServer
  readonly crm: WebhookServer
  readonly mail: MailServer
  /** The server of the test run has a key of its own: no other can be planted. */
  readonly keyOfS3: string
  private readonly admin: pg.Client
  private readonly roles: { readonly warehouse: string; readonly source: string }

  private constructor(project: TestProject, chat: WebhookServer, crm: WebhookServer, mail: MailServer) {
    this.project = project
    this.chat = chat
    this.crm = crm
    this.mail = mail
    this.keyOfS3 = project.variables['AWS_SECRET_ACCESS_KEY']!
    this.admin = new pg.Client({ connectionString: project.variables['WAREHOUSE_URL']! })
    this.roles = { warehouse: `${project.target}_warehouse`, source: `${project.target}_source` }
  }

  static async open(target: string): Promise<SecretsProject> {
    const project = await TestProject.open(target, filesOf(target))
    const mail = await MailServer.open(SECRETS['password of the mail server'])
    const made = new SecretsProject(project, await WebhookServer.open(), await WebhookServer.open(), mail)
    await made.admin.connect()
    await made.makeRoles()
    Object.assign(project.variables, made.variables())
    return made
  }

  async close(): Promise<void> {
    await this.project.close()
    const { warehouse, source } = this.roles
    await this.admin.query(`drop schema ${source} cascade; reassign owned by ${warehouse} to current_user;
      drop owned by ${warehouse}; drop role ${warehouse}; drop owned by ${source}; drop role ${source}`)
    await this.admin.end()
    await Promise.all([this.chat, this.crm, this.mail].map((server) => server.close()))
  }

  urlFor(role: 'warehouse' | 'source', password: string): string {
    const url = new URL(this.project.variables['WAREHOUSE_URL']!)
    return Object.assign(url, { username: this.roles[role], password }).href
  }

  async textOfTables(): Promise<string> {
    const { rows } = await this.admin.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = $1 and table_type = 'BASE TABLE'",
      [this.project.schema],
    )
    const tables = await Promise.all(rows.map(({ name }) => this.project.sql(`select * from "${name}"`)))
    return JSON.stringify(tables)
  }

  private variables(): Readonly<Record<string, string>> {
    return {
      WAREHOUSE_URL: this.urlFor('warehouse', SECRETS['password of the warehouse']),
      SHOP_URL: this.urlFor('source', SECRETS['password of a source']),
      CHAT_URL: `${this.chat.url}?token=${SECRETS['token in the address of a channel']}`,
      SMTP_URL: `smtp://user:${SECRETS['password of the mail server']}@127.0.0.1:${this.mail.port}`,
      CRM_URL: `${this.crm.url}?token=${SECRETS['token in the address of a destination']}`,
      CRM_KEY: SECRETS['signing key of a destination'],
      TOLD: join(this.project.folder, 'told'),
      PRINTED: SECRETS['what a command prints'],
      RESEGMENT_PSEUDONYM_KEY: SECRETS['key of pseudonyms'],
      RESEGMENT_PRIVACY_KEY: SECRETS['key of the suppression list'],
      RESEGMENT_LEDGER_KEY: SECRETS['key of the ledger'],
      // The server of the test run has no TLS; that of test/client/api-key.test.ts has.
      TEMPORAL_API_KEY: SECRETS['API key of Temporal'],
      TEMPORAL_TLS: 'false',
    }
  }

  /** Those who may do everything, and read one table; and the table. */
  private async makeRoles(): Promise<void> {
    const { warehouse, source } = this.roles
    await this.admin.query(`
      create role ${warehouse} superuser login password '${SECRETS['password of the warehouse']}';
      create role ${source} login password '${SECRETS['password of a source']}';
      create schema ${source};
      create table ${source}.order_lines as
        select 'c' || n % 60 as customer_id, 'o' || n as order_id, n % 5 + 1 as quantity, (n * n % 97 + 1)::numeric(10, 2) as unit_price,
          timestamp '2026-06-20' - make_interval(days => (n * (n % 60 + 1)) % 400) as ordered_at
        from generate_series(1, 900) n;
      grant usage on schema ${source} to ${source};
      grant select on ${source}.order_lines to ${source}`)
  }
}

function filesOf(target: string): Readonly<Record<string, string>> {
  return {
    'resegment.yaml': `connections:
  warehouse: { postgres: { secret: WAREHOUSE_URL } }
  shop: { postgres: { secret: SHOP_URL } }
  lake: { s3: { bucket: segments-${target} } }
targets:
  dev: { schema: segmentation_${target}_dev, prefix: ${target}_dev/, embedded: true }
  ${target}: { schema: segmentation_${target}, prefix: ${target}/, embedded: true }
sources:
  order_lines:
    from: { connection: shop, table: ${target}_source.order_lines }
    columns:
      customer_id: customer_id
      occurred_at: ordered_at
      order_id: order_id
      amount: { sql: quantity * unit_price }
    currency: EUR
    timezone: Europe/Berlin
contact: "#growth-data"
notify:
  - { webhook: { secret: CHAT_URL }, allowHttp: true, allowPrivate: true, on: [failed, published] }
  - { email: { smtp: { secret: SMTP_URL }, from: segments@acme.example, to: [ada@acme.example], allowPlain: true }, on: [failed, published] }
  - { command: [sh, -c, 'echo $PRINTED; cat >> "$TOLD"'], on: [failed, published] }
`,
    'pipelines/shop.yaml': `${shopPipeline(STAGES)}activate:
  crm: { kind: webhook, url: { secret: CRM_URL }, signWith: { secret: CRM_KEY }, allowHttp: true, allowPrivate: true }
`,
  }
}
