import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, linter, lintGutter, lintKeymap } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { send } from '../api.ts';
import type { LintFindings } from '../responses.ts';

interface EditorOptions {
  readonly name: string;
  readonly text: string;
  readonly format: 'json' | 'yaml';
  readonly onChange: (text: string) => void;
}

const COLORS = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--accent)' },
  { tag: tags.string, color: 'var(--text)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--audited)' },
]);

/** The marks of findings come with images of their own, which the CSP refuses. */
const LOOK = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'var(--panel)', fontSize: '12px', maxHeight: '420px' },
  '.cm-content': { fontFamily: 'var(--mono)', caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'var(--panel)', color: 'var(--muted)', border: 'none' },
  '&.cm-focused': { outline: '2px solid var(--accent)' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': { backgroundColor: 'var(--selected)' },
  '.cm-lintRange-error, .cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--denied)',
  },
  '.cm-lintRange-warning': { textDecorationColor: 'var(--warning)' },
  '.cm-lint-marker': { content: 'none', borderRadius: '50%', width: '8px', height: '8px', margin: '4px' },
  '.cm-lint-marker-error': { backgroundColor: 'var(--denied)' },
  '.cm-lint-marker-warning': { backgroundColor: 'var(--warning)' },
  '.cm-tooltip': { backgroundColor: 'var(--bg)', color: 'var(--text)', border: '1px solid var(--control)' },
  '.cm-matchingBracket': { backgroundColor: 'var(--selected)' },
});

/**
 * Opens an editor in a shadow root: there its styles are a constructed style sheet, which `style-src 'self'` permits.
 * @returns what closes it
 */
export function openEditor(host: HTMLElement, { name, text, format, onChange }: EditorOptions): () => void {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const parent = document.createElement('div');
  root.replaceChildren(parent);
  const findings = async (view: EditorView): Promise<readonly Diagnostic[]> => {
    const { findings: found } = await send<LintFindings>('POST', 'lint', {
      name,
      text: view.state.doc.toString(),
    });
    return found.map(({ severity, message, line = 1, column = 1 }) => {
      const at = view.state.doc.line(Math.min(line, view.state.doc.lines));
      const from = Math.min(at.from + column - 1, at.to);
      return { from, to: at.to, severity, message };
    });
  };
  const view = new EditorView({
    parent,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        format === 'json' ? json() : [],
        indentOnInput(),
        bracketMatching(),
        syntaxHighlighting(COLORS),
        lintGutter(),
        linter(findings, { delay: 400 }),
        keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
        EditorView.contentAttributes.of({ 'aria-label': `Policy ${name}` }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString());
        }),
        LOOK,
      ],
    }),
  });
  // A region that scrolls must be reachable by keyboard.
  view.scrollDOM.tabIndex = 0;
  return () => view.destroy();
}
