import type { HttpRequest, HttpResponse } from './platform.ts';

/** The browser's `Platform.request`: a chunk of its own, because a plain call needs no HTTP. */
export async function browserRequest({
  address,
  cancellation,
  body,
  ...init
}: HttpRequest): Promise<HttpResponse> {
  const abort = new AbortController();
  cancellation.onCancel(() => abort.abort());
  const response = await fetch(address, {
    ...init,
    ...(body ? { body: body as string | Blob } : {}),
    signal: abort.signal,
  });
  return {
    status: response.status,
    json: () => response.json(),
    picture: () => response.blob(),
  };
}
