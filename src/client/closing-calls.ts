import { InterceptingCall, type Interceptor, type InterceptorOptions } from '@grpc/grpc-js'
import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client'

/**
 * The SDK's interceptors of calls, for a connection that is closed while a call waits to be sent again. The SDK sends it by a timer, which
 * nobody can stop, and what a closed connection throws there would end the process. Who closes the connection waits for no answer.
 *
 * @param isClosed whether the connection is closed, or about to be
 */
export function interceptorsUntil(isClosed: () => boolean): Interceptor[] {
  const sendUnlessClosed: Interceptor = (options: InterceptorOptions, nextCall) =>
    new InterceptingCall(isClosed() ? unsent : nextCall(options))
  return [makeGrpcRetryInterceptor(defaultGrpcRetryOptions()), sendUnlessClosed]
}

/** A call that goes nowhere and is never answered. */
const unsent: ConstructorParameters<typeof InterceptingCall>[0] = {
  start: () => undefined,
  sendMessage: () => undefined,
  sendMessageWithContext: () => undefined,
  startRead: () => undefined,
  halfClose: () => undefined,
  cancelWithStatus: () => undefined,
  getPeer: () => '',
  getAuthContext: () => null,
}
