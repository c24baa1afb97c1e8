/** An error like those of the SDK. */
export function sdkError(code: number, extraCode?: number, originError?: unknown): Error {
  return Object.assign(new Error(`stand-in ${code} ${extraCode ?? ''}`), {
    name: 'RtcError',
    code,
    extraCode,
    functionName: '',
    originError,
  });
}

/** The error of a call that another one replaced. */
export const aborted = () => sdkError(5998);
