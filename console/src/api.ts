/** A response of `/_authz` that is an error. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, code: string, message: string, body?: unknown) {
    super(message);
    this.status = status;
    this.code = code;
    this.body = body;
  }
}

const BASE = new URL('.', document.baseURI).pathname;

export const addressOf = (path: string): string => `${BASE}${path}`;

async function failureOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined);
  const error = (body as { error?: { code?: string; message?: string } } | undefined)?.error;
  const message = error?.message ?? `The proxy responded with status ${response.status}.`;
  return new ApiError(response.status, error?.code ?? 'RequestFailed', message, body);
}

/** Calls `/_authz`. @throws ApiError */
export async function call(
  path: string,
  { method = 'GET', body, signal }: { method?: string; body?: unknown; signal?: AbortSignal } = {},
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(addressOf(path), {
      method,
      headers: {
        accept: 'application/json',
        ...(method === 'GET' ? {} : { 'x-authz-admin': 'console', 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, 'Disconnected', 'The proxy does not respond. Is it running?');
  }
  if (!response.ok) throw await failureOf(response);
  return response;
}

export async function get<Value>(path: string, signal?: AbortSignal): Promise<Value> {
  return (await (await call(path, signal ? { signal } : {})).json()) as Value;
}

export async function send<Value>(method: string, path: string, body?: unknown): Promise<Value> {
  const response = await call(path, { method, body });
  return (response.status === 204 ? undefined : await response.json()) as Value;
}
