// node bench/run-upload.ts ours|sdk FOLDER REPETITION: every Parquet file of a folder into the S3 server of the environment, as a line of JSON.
import { createReadStream, globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { Bucket } from '../src/adapters/s3/bucket.ts'

const [work, folder, repetition] = process.argv.slice(2) as [string, string, string]
const BUCKET = 'bench-upload'
const connection = {
  endpoint: process.env.S3_ENDPOINT!,
  region: process.env.AWS_REGION!,
  credentials: { accessKeyId: process.env.AWS_ACCESS_KEY_ID!, secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY! },
}
const files = globSync(join(folder, '*.parquet')).sort()
const keyOf = (path: string): string => `${work}-${repetition}/${basename(path)}`
const client = new S3Client({ ...connection, forcePathStyle: true })
await client.send(new CreateBucketCommand({ Bucket: BUCKET })).catch(() => undefined)
const bucket = new Bucket({ ...connection, bucket: BUCKET })

const startedMs = performance.now()
const cpuBefore = process.cpuUsage()
for (const path of files)
  if (work === 'ours') await bucket.sendFile(keyOf(path), path, 'application/vnd.apache.parquet')
  else await new Upload({ client, params: { Bucket: BUCKET, Key: keyOf(path), Body: createReadStream(path) } }).done()
const seconds = (performance.now() - startedMs) / 1000
const { user, system } = process.cpuUsage(cpuBefore)
const rssMb = Math.round(process.resourceUsage().maxRSS / 1024)
console.log(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, rssMb }))
client.destroy()
bucket.close()
