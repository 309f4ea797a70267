/** Variables without the servers that the test's own environment may name: for tests of the embedded ones. */
export const noServersGiven = {
  TEMPORAL_ADDRESS: '',
  TEMPORAL_PROFILE: '',
  TEMPORAL_CONFIG_FILE: '',
  WAREHOUSE_URL: '',
  S3_ENDPOINT: '',
}
