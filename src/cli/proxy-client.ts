import { CommandError, EXIT } from './exit.ts';

const TIMEOUT_MILLIS = 10_000;

/** The JSON that a running proxy answers with. @throws CommandError if none answers, or with its own error */
export async function fetchAdmin<Body>(base: string, path: string): Promise<Body> {
  let response: Response;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MILLIS);
    response = await fetch(base + path, { signal, headers: { accept: 'application/json' } });
  } catch (cause) {
    const { message, cause: reason } = cause as Error;
    const because = reason instanceof Error ? reason.message || String(Reflect.get(reason, 'code')) : message;
    throw new CommandError(
      EXIT.usage,
      `no proxy answers at ${base} (${because}), and no decision log is named: use --url or --decisions`,
    );
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return body as Body;
  const { error } = (body ?? {}) as { readonly error?: { readonly message?: string } };
  throw new CommandError(
    EXIT.usage,
    error?.message ?? `${base} is not a personalize-authz-proxy: it answers ${response.status}`,
  );
}
