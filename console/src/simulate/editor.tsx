import { useEffect, useRef } from 'preact/hooks';

interface EditorProps {
  readonly name: string;
  readonly text: string;
  readonly format: 'json' | 'yaml';
  readonly onChange: (text: string) => void;
}

/** A policy in CodeMirror, which is loaded when the first one is opened. */
export function Editor({ name, text, format, onChange }: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const changed = useRef(onChange);
  changed.current = onChange;
  useEffect(() => {
    let destroy = (): void => {};
    let isGone = false;
    void import('./codemirror.ts').then(({ openEditor }) => {
      if (host.current === null || isGone) return;
      destroy = openEditor(host.current, { name, text, format, onChange: (now) => changed.current(now) });
    });
    return () => {
      isGone = true;
      destroy();
    };
  }, [name]);
  return <div class="editor" ref={host} />;
}
