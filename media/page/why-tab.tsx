/** The *Why* tab: all findings and where the time went, of the selection or of the whole trace. */
import { count } from '../../runtime/trace/words/duration.ts';
import type { Overview, SelectionView } from '../messages.ts';
import { DetailList } from './detail-list.tsx';
import { Findings } from './findings.tsx';
import { LinkRow } from './link-row.tsx';
import { sendToWorker } from './panel-link.ts';
import { SentenceView } from './sentence-view.tsx';
import { TimeTable } from './time-table.tsx';
import { overview, phase, selection, status, troubles } from './state.ts';

/** The details that say why; the *Span* tab has all. */
const WHY_LABELS: ReadonlySet<string> = new Set([
  'Waits at',
  'Ran at',
  'Ran up to',
  'Goes on at',
  'Woken by',
  'Started by',
  'Begins at',
]);

export function WhyTab() {
  if (selection.value) return <WhySelection selection={selection.value} />;
  return status.value && status.value.events > 0 ? <WhyWhole /> : null;
}

function WhyWhole() {
  const { findings, moreFindings, handlers, where, cpu, unseen, waits, explainedShare } = overview.value;
  const noFindings = phase.value === 'live' ? 'None so far.' : 'None.';
  return (
    <div class="prose">
      {troubles.value.length > 0 && (
        <>
          <h2>Not read or not done</h2>
          <ul class="plain-list" aria-label="Not read or not done">
            {troubles.value.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </>
      )}
      <h2>Findings</h2>
      {findings.length === 0 && <p class="muted">{noFindings}</p>}
      <Findings findings={findings} />
      {moreFindings > 0 && <p class="muted">{count(moreFindings, 'more finding')}.</p>}
      <Handlers handlers={handlers} />
      <TimeTable title="Where the time went" rows={where} />
      <TimeTable title="Where the CPU time went" rows={cpu} />
      <Unseen unseen={unseen} />
      <LongestWaits waits={waits} />
      {explainedShare.length > 0 && (
        <p>
          <SentenceView sentence={explainedShare} />
        </p>
      )}
      <p class="muted">
        Click a span to see what it is, what it waited for, and who woke it. Press ? for the keys.
      </p>
    </div>
  );
}

function Handlers({ handlers }: Pick<Overview, 'handlers'>) {
  if (handlers.length === 0) return null;
  return (
    <>
      <h2>Handlers</h2>
      <ul class="plain-list" aria-label="Handlers">
        {handlers.map((words, i) => (
          <li key={i}>
            <SentenceView sentence={words} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Unseen({ unseen }: Pick<Overview, 'unseen'>) {
  if (unseen.length === 0) return null;
  return (
    <>
      <h2>Not seen</h2>
      <ul class="plain-list" aria-label="Not seen">
        {unseen.map((words, i) => (
          <li key={i}>{words}</li>
        ))}
      </ul>
    </>
  );
}

function LongestWaits({ waits }: Pick<Overview, 'waits'>) {
  if (waits.length === 0) return null;
  return (
    <>
      <h2>Longest waits</h2>
      <ol class="findings" aria-label="Longest waits">
        {waits.map(({ words, place }, i) => (
          <li key={i}>
            <LinkRow
              onOpen={() => sendToWorker({ type: 'showSpan', place })}
              sign={`${i + 1}.`}
              title="Show this wait"
            >
              <SentenceView sentence={words} />
            </LinkRow>
          </li>
        ))}
      </ol>
    </>
  );
}

/** Repeats the sentence of the answer strip, so that the tab can be read from its first line on. */
function WhySelection({
  selection: { sentences, findings, details },
}: {
  readonly selection: SelectionView;
}) {
  return (
    <div class="prose">
      {sentences.map((sentence, i) => (
        <p key={i}>
          <SentenceView sentence={sentence} />
        </p>
      ))}
      <Findings findings={findings} />
      <DetailList lines={details.filter(({ label }) => WHY_LABELS.has(label))} />
    </div>
  );
}
