/** The parts of autocannon that `load-process.ts` uses: the package brings no types. */
declare module 'autocannon' {
  interface Options {
    readonly url: string;
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly connections: number;
    readonly pipelining: number;
    /** Seconds. */
    readonly duration: number;
    /** Milliseconds between samples; the load ends with one. */
    readonly sampleInt: number;
  }

  interface Result {
    readonly errors: number;
  }

  interface Instance extends PromiseLike<Result> {
    on(
      event: 'response',
      listener: (client: unknown, status: number, bytes: number, millis: number) => void,
    ): this;
  }

  export default function autocannon(options: Options): Instance;
}
