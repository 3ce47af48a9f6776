import { effect, type Signal, signal } from '@preact/signals';

/** A signal that the browser keeps; without storage it lasts as long as the page. */
export function stored<Value>(name: string, initial: Value): Signal<Value> {
  const kept: Signal<Value> = signal(initial);
  try {
    const text = localStorage.getItem(name);
    if (text !== null) kept.value = JSON.parse(text) as Value;
    effect(() => localStorage.setItem(name, JSON.stringify(kept.value)));
  } catch {
    // Storage is full or not permitted.
  }
  return kept;
}
