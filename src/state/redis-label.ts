/** The address of a Redis for people and logs: without user and password. */
export function redisLabel(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
