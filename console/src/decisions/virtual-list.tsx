import type { ComponentChildren, RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

interface VirtualListProps {
  readonly count: number;
  readonly rowHeight: number;
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** Stays in the page wherever it is: it has the focus. */
  readonly kept: number;
  readonly children: (index: number, top: number) => ComponentChildren;
  readonly onScroll: (top: number, isAtEnd: boolean) => void;
}

/** Rows beyond the visible ones, on each side. */
const OVERSCAN = 8;

/** Rows of one height, of which only the visible ones are in the page. */
export function VirtualList({ count, rowHeight, scroller, kept, children, onScroll }: VirtualListProps) {
  const [view, setView] = useState({ top: 0, height: 800 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let frame = 0;
    // Only a scroll asks for older rows: while the first rows are not in the page yet, every position is the end.
    let isScrolled = false;
    const measure = (): void => {
      frame = 0;
      setView({ top: element.scrollTop, height: element.clientHeight });
      if (!isScrolled) return;
      isScrolled = false;
      const isAtEnd = element.scrollTop + element.clientHeight > element.scrollHeight - 40 * rowHeight;
      onScroll(element.scrollTop, isAtEnd);
    };
    const schedule = (): void => {
      if (frame === 0) frame = requestAnimationFrame(measure);
    };
    const scrolled = (): void => {
      isScrolled = true;
      schedule();
    };
    const observer = new ResizeObserver(schedule);
    observer.observe(element);
    element.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      element.removeEventListener('scroll', scrolled);
    };
  }, [scroller, rowHeight, onScroll]);
  const first = Math.max(0, Math.floor(view.top / rowHeight) - OVERSCAN);
  const last = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + OVERSCAN);
  const indexes = Array.from({ length: Math.max(0, last - first) }, (_, offset) => first + offset);
  if (kept >= 0 && kept < count && (kept < first || kept >= last)) indexes.push(kept);
  return (
    <div class="spacer" role="rowgroup" style={{ height: `${count * rowHeight}px` }}>
      {indexes.map((index) => children(index, index * rowHeight))}
    </div>
  );
}
