import { GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3'
import { useStack } from '../use-stack.ts'

/** URI of the manifest that `latest.json` of pipeline shop in target dev names; null when there is none. */
export async function latestManifest(bucket: string): Promise<string | null> {
  const { environment } = await useStack()
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = environment.variables
  const client = new S3Client({
    endpoint: environment.s3Endpoint!,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID!, secretAccessKey: AWS_SECRET_ACCESS_KEY! },
  })
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: 'dev/shop/latest.json' }))
    const { manifest } = JSON.parse(await Body!.transformToString()) as { manifest: string }
    return `s3://${bucket}/${manifest}`
  } catch (error) {
    if (error instanceof NoSuchKey) return null
    throw error
  } finally {
    client.destroy()
  }
}
