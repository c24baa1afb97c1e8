/** An error as the SDK makes them. */
export function sdkError(code: number, extraCode?: number, originError?: unknown): Error {
  return Object.assign(new Error(`stand-in ${code} ${extraCode ?? ''}`), {
    name: 'RtcError',
    code,
    extraCode,
    functionName: '',
    originError,
  });
}

/** Of a call that another one overtook. */
export const aborted = () => sdkError(5998);
