import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { memoryStore } from './memory.ts';
import type { ResourceStore } from './resource-store.ts';

/** `memory`, `sqlite:` and a file, or the address of a Redis. */
export type StoreName = 'memory' | `sqlite:${string}` | `redis://${string}` | `rediss://${string}`;

/** Opens the store that the configuration names; rejects where it cannot be had. Only the chosen one is loaded. */
export async function openStore(name: StoreName): Promise<ResourceStore> {
  if (name === 'memory') return memoryStore();
  if (name.startsWith('sqlite:')) {
    const { sqliteStore } = await import('./sqlite.ts');
    const file = name.slice('sqlite:'.length);
    mkdirSync(dirname(file), { recursive: true });
    return sqliteStore(file);
  }
  const { redisStore } = await import('./redis.ts');
  return redisStore(name);
}

/** For people and logs: without user and password. */
export function storeLabel(name: StoreName): string {
  if (!URL.canParse(name) || !name.startsWith('redis')) return name;
  const { protocol, host, pathname } = new URL(name);
  return `${protocol}//${host}${pathname}`;
}
