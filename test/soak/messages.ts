/** What the process of the proxy is asked. */
export type Request =
  /** Moves its clock, in milliseconds from the true time. */
  | { readonly kind: 'clock'; readonly offset: number }
  /** Collects garbage and measures. */
  | { readonly kind: 'measure' }
  | { readonly kind: 'close' };

/** Memory in bytes, and what the process holds open. */
export interface Measurement {
  readonly heapUsed: number;
  readonly rss: number;
  readonly descriptors: number;
  readonly handles: number;
}

/** What it reports. */
export type Report =
  | { readonly kind: 'ready'; readonly url: string }
  | { readonly kind: 'clock'; readonly offset: number }
  /** The version of the edited policy that is in force now. */
  | { readonly kind: 'loaded'; readonly version: string }
  | { readonly kind: 'measured'; readonly measurement: Measurement };
