import { listen, type ListenAddress, type Listening } from '../wiring/listen.ts'

export interface HealthState {
  /** Undefined: it is. Else why the process should be replaced. */
  alive(): string | undefined
  /** Undefined: it is. Else why the worker takes no work now. */
  ready(): string | undefined
}

/**
 * Answers what an orchestrator asks: `/healthz` is 200 while the process should live, `/readyz` while it polls for work; else 503 with
 * the reason. Neither asks a server behind it: a warehouse that is down is no reason to restart workers.
 *
 * @throws what `listen` fails with
 */
export function serveHealth(address: ListenAddress, state: HealthState): Promise<Listening> {
  return listen((request, response) => {
    const asked = { '/healthz': () => state.alive(), '/readyz': () => state.alive() ?? state.ready() }[
      new URL(request.url ?? '/', 'http://worker').pathname
    ]
    const problem = asked ? asked() : undefined
    response.writeHead(asked ? (problem === undefined ? 200 : 503) : 404, {
      'content-type': 'text/plain; charset=utf-8',
    })
    response.end(asked ? `${problem ?? 'ok'}\n` : 'Ask /healthz or /readyz.\n')
  }, address)
}
