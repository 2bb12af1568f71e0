/**
 * The answer strip. Its sentence is about the selection, or else the verdict about the whole trace:
 * the cause, or where the time went. Where it leaves a line free, that tells how the program ended,
 * and without a selection what there is of it in figures; a trouble takes this line. The height is
 * the same whatever is said, so that a click into the picture does not move the picture: what does
 * not fit stands in the *Why* tab.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { grouped } from '../../runtime/trace/format/grouped.ts';
import { plain } from '../../runtime/trace/words/sentence.ts';
import { SeveritySign } from './findings.tsx';
import { Icon } from './icon.tsx';
import { sendAction } from './panel-link.ts';
import { useRoving } from './roving.ts';
import { SentenceView } from './sentence-view.tsx';
import { endWords, overview, selection, summary, openTab, troubles } from './state.ts';

export function Answer() {
  const bar = useRoving<HTMLDivElement>();
  const sentence = selection.value?.sentences[0];
  const trouble = troubles.value.at(-1);
  const verdict = overview.value.verdict;
  const shown = sentence ?? verdict;
  const words = useRef<HTMLParagraphElement>(null);
  const isCutOff = useIsCutOff(words);
  return (
    <div ref={bar} class="answer">
      <div class="answer-words">
        <p
          ref={words}
          aria-live="polite"
          class={trouble === undefined ? 'sentence' : 'sentence one-line'}
          title={plain(shown)}
        >
          {sentence ? <SentenceView sentence={sentence} /> : <Verdict />}
        </p>
        {isCutOff && <ReadOn />}
        {trouble === undefined ? <Second /> : <Trouble words={trouble} />}
      </div>
      {!sentence && <MoreFindings />}
    </div>
  );
}

/** Whether text of the element does not fit into it, at any width that it gets. */
function useIsCutOff(element: { readonly current: HTMLElement | null }): boolean {
  const [isCutOff, setCutOff] = useState(false);
  const measure = (): void => {
    const { scrollHeight = 0, clientHeight = 0 } = element.current ?? {};
    setCutOff(scrollHeight > clientHeight + 1);
  };
  useEffect(measure);
  useEffect(() => {
    const observer = new ResizeObserver(measure);
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  return isCutOff;
}

/** In a narrow panel the end of a sentence, which tells the cost and what to do, may be cut off. */
function ReadOn() {
  return (
    <button
      type="button"
      class="link read-on"
      title="The whole sentence (Why)"
      onClick={() => (openTab.value = 'why')}
    >
      … read on
    </button>
  );
}

/** How the program ended, and without a selection the trace in figures. */
function Second() {
  const figures = selection.value ? [] : summary.value;
  return (
    <div aria-live="polite" class="second muted">
      {endWords.value}
      {figures.length > 0 && endWords.value !== '' && ' '}
      <SentenceView sentence={figures} />
    </div>
  );
}

/** The newest one; the *Why* tab lists them all. */
function Trouble({ words }: { readonly words: string }) {
  return (
    <p class="trouble second" role="alert" title={words}>
      <Icon name="warning" /> {words}
    </p>
  );
}

/** The cause first. Its sign leads to what proves it. */
function Verdict() {
  const { verdict, severity } = overview.value;
  if (verdict.length === 0)
    return <>{endWords.value === '' && troubles.value.length === 0 && 'Waiting for the first events…'}</>;
  return (
    <>
      {severity !== null && (
        <>
          <button
            type="button"
            class="go"
            title="Show what proves this (E)"
            onClick={() => sendAction('showVerdict')}
          >
            <SeveritySign severity={severity} />
          </button>{' '}
        </>
      )}
      <SentenceView sentence={verdict} />
    </>
  );
}

/** How many more findings the *Why* tab lists. */
function MoreFindings() {
  const { severity, findings, moreFindings } = overview.value;
  const others = findings.length + moreFindings - (severity === null ? 0 : 1);
  if (others <= 0) return null;
  const noun = severity === null ? (others === 1 ? 'note' : 'notes') : 'more';
  return (
    <button type="button" class="link more" onClick={() => (openTab.value = 'why')}>
      and {grouped(others)} {noun}
    </button>
  );
}
