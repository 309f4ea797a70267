/** Where the Temporal UI shows an execution. @param ui `https://temporal.example`, with or without a slash at the end */
export function workflowAddress(ui: string, namespace: string, workflowId: string, temporalRunId: string): string {
  const path = ['namespaces', namespace, 'workflows', workflowId, temporalRunId].map(encodeURIComponent).join('/')
  return `${ui.replace(/\/+$/, '')}/${path}`
}
