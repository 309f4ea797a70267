import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { Client, Connection } from '@temporalio/client'
import { defineSearchAttributeKey } from '@temporalio/common'
import pg from 'pg'
import type { Stack } from '../../../src/wiring/stack.ts'

/** Something in each of the three servers, written and read through their own clients. */
export function s3Client({ overrides }: Pick<Stack, 'overrides'>): S3Client {
  return new S3Client({
    endpoint: overrides.S3_ENDPOINT!,
    region: overrides.AWS_REGION!,
    forcePathStyle: true,
    credentials: { accessKeyId: overrides.AWS_ACCESS_KEY_ID!, secretAccessKey: overrides.AWS_SECRET_ACCESS_KEY! },
  })
}

const PIPELINE = defineSearchAttributeKey('ResegmentPipeline', 'KEYWORD')

export async function writeEverywhere(stack: Pick<Stack, 'endpoints' | 'overrides'>): Promise<void> {
  const warehouse = new pg.Client(stack.endpoints.warehouse)
  await warehouse.connect()
  await warehouse.query(
    `create schema if not exists stack_test; create table if not exists stack_test.kept as select 'a row' as word`,
  )
  await warehouse.end()
  const s3 = s3Client(stack)
  await s3.send(new CreateBucketCommand({ Bucket: 'stack-test' }))
  await s3.send(new PutObjectCommand({ Bucket: 'stack-test', Key: 'kept', Body: 'an object' }))
  const connection = await Connection.connect({ address: stack.endpoints.temporal })
  await new Client({ connection }).workflow.start('nobodyRunsThis', {
    workflowId: `kept`,
    taskQueue: 'nobody',
    typedSearchAttributes: [{ key: PIPELINE, value: 'shop' }],
  })
  await connection.close()
}

export async function readEverywhere(stack: Stack) {
  const warehouse = new pg.Client(stack.endpoints.warehouse)
  await warehouse.connect()
  const { rows } = await warehouse.query('select word from stack_test.kept')
  await warehouse.end()
  const { Body } = await s3Client(stack).send(new GetObjectCommand({ Bucket: 'stack-test', Key: 'kept' }))
  const connection = await Connection.connect({ address: stack.endpoints.temporal })
  const { status } = await new Client({ connection }).workflow.getHandle('kept').describe()
  const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' })
  await connection.close()
  return {
    row: rows[0].word,
    object: await Body!.transformToString(),
    workflow: status.name,
    retentionDays: Number(config?.workflowExecutionRetentionTtl?.seconds) / 86_400,
  }
}
