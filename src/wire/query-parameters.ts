import type { HttpRequest } from '../lib/http-message.ts';
import { plainBody } from './plain-body.ts';

/** Path and query of a request as they came, nothing decoded. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const mark = target.indexOf('?');
  return mark < 0
    ? { path: target, query: '' }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/** Form fields by name; of a field given twice the first counts, as on STS. */
export function readParameters(encoded: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(encoded)) {
    if (!parameters.has(name)) parameters.set(name, value);
  }
  return parameters;
}

/** Of the query and then the form body, in which AWS's query protocol carries its input. */
export function requestParameters(request: HttpRequest): Map<string, string> {
  const { query } = splitTarget(request.target);
  if (request.method !== 'POST') return readParameters(query);
  const body = new TextDecoder().decode(plainBody(request));
  return readParameters(query === '' ? body : `${query}&${body}`);
}
