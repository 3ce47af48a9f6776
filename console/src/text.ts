/** `user/alice` of an ARN, `AssumedRole/name`; what is no ARN stays as it is. */
export function shortArn(arn: string): string {
  const parts = arn.split(':');
  return parts.length < 6 ? arn : parts.slice(5).join(':');
}

/** The type and the name of a resource, so that the name can stay whole where there is little room. */
export function splitResource(resource: string): readonly [string, string] {
  const short = shortArn(resource);
  const at = short.lastIndexOf('/');
  return at < 0 ? ['', short] : [short.slice(0, at + 1), short.slice(at + 1)];
}

export const actionName = (action: string): string => action.replace(/^personalize:/, '');

export const clockTime = (time: string): string => new Date(time).toLocaleTimeString([], { hour12: false });

/** Milliseconds with two significant digits: `.08`, `0.8`, `12`. */
export function milliseconds(micros: number): string {
  const value = micros / 1000;
  return value >= 10 ? value.toFixed(0) : value.toFixed(value >= 1 ? 1 : 2);
}

export const plural = (count: number, noun: string): string =>
  `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;

export const listed = (value: string | readonly string[] | undefined): string =>
  value === undefined ? '' : typeof value === 'string' ? value : value.join(', ');

/** A link that opens a line of a file in the configured editor. In a container its path is another than on the desktop. */
export const editorLink = (
  template: string,
  { path = '', file = path }: { readonly path?: string; readonly file?: string },
  line: number,
): string =>
  template
    .replaceAll('{path}', encodeURI(path).replace(/^\/+/, '/'))
    .replaceAll('{file}', encodeURI(file))
    .replaceAll('{line}', String(line));
