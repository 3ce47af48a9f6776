import { Component, type FunctionComponent, h } from 'preact';

/** A component that renders again only when one of its properties is another. */
export function memo<Props extends object>(render: FunctionComponent<Props>): FunctionComponent<Props> {
  class Memo extends Component<Props> {
    override shouldComponentUpdate(next: Readonly<Props>): boolean {
      const now = this.props as Readonly<Record<string, unknown>>;
      return Object.entries(next).some(([name, value]) => now[name] !== value);
    }

    override render() {
      return h(render, this.props as Props);
    }
  }
  return Memo as unknown as FunctionComponent<Props>;
}
