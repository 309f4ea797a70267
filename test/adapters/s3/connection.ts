import { useStack } from '../../use-stack.ts'

/** Where the S3 server of the tests is, and who we are there. */
export async function s3Connection() {
  const { variables } = (await useStack()).environment
  return {
    endpoint: variables.S3_ENDPOINT!,
    region: variables.AWS_REGION ?? 'us-east-1',
    credentials: { accessKeyId: variables.AWS_ACCESS_KEY_ID!, secretAccessKey: variables.AWS_SECRET_ACCESS_KEY! },
  }
}
