import { type HttpRequest, onlyHeader } from '../lib/http-message.ts';

const FORM = 'application/x-www-form-urlencoded';

/** Whether a request is a form, whose operation is in its body. */
export const isFormPost = (request: Pick<HttpRequest, 'method' | 'headers'>): boolean =>
  request.method === 'POST' && contentTypeIs(request, FORM);

/** Exactly one content type, and it is the one wanted; parameters (`; charset=utf-8`) do not count. */
export function contentTypeIs(request: Pick<HttpRequest, 'headers'>, wanted: string): boolean {
  const value = onlyHeader(request, 'content-type');
  if (value === undefined) return false;
  return value === wanted || value.split(';')[0]?.trim().toLowerCase() === wanted;
}
