/** One wait as JSON. Whether it was cancelled, and by whom, is the model's to tell. */
import { REASON, REASONS, RESOURCE_KINDS } from '../../trace/format/kinds.ts';
import { cancelThatEnded } from '../../trace/model/cut-short.ts';
import { lossAfter } from '../../trace/model/known-until.ts';
import { openNs } from '../../trace/model/open-waits.ts';
import { terminatedWith } from '../../trace/model/times-so-far.ts';
import type { Trace } from '../../trace/model/trace.ts';
import type { Wait } from '../../trace/model/wait.ts';
import { resourceId, rowId, siteJson } from './references.ts';
import type { WaitJson } from './trace-json.ts';

export function makeWaitJson(trace: Trace, wait: Wait): WaitJson {
  const resource = wait.target < 0 ? trace.resources[-wait.target - 1] : undefined;
  const task = wait.target > 0 ? wait.target - 1 : -1;
  const cancel = cancelThatEnded(trace, wait);
  const isOwnWork = wait.waker >= 0 && trace.rowOf(wait.waker) === trace.rowOf(wait.row);
  return {
    startNs: wait.startNs,
    ns: openNs(trace, wait),
    reason: (REASONS[wait.reason] ?? '') || null,
    resource: resource ? resourceId(trace, -wait.target - 1) : rowId(trace, task),
    resourceName: resource
      ? resource.name || (RESOURCE_KINDS[resource.kind] ?? null)
      : task >= 0
        ? trace.nameOf(task)
        : null,
    site: siteJson(trace, wait.site),
    callers: (wait.awaitStack ?? []).map((site) => siteJson(trace, site)).filter((site) => site !== null),
    waker: isOwnWork ? null : rowId(trace, wait.waker),
    cancelled: cancel !== null,
    cancelledBy: rowId(trace, cancel?.by ?? -1),
    ownWork: isOwnWork,
    ...valuesJson(trace, wait),
    open: wait.endNs === null && !terminatedWith(trace, wait.row) && lossAfter(trace, wait.row) === null,
  };
}

function valuesJson(trace: Trace, { reason, gave = -1, got = -1 }: Wait): Pick<WaitJson, 'gave' | 'got'> {
  if (reason !== REASON.consumer) return {};
  return {
    ...(gave >= 0 ? { gave: trace.text(gave) } : {}),
    ...(got >= 0 ? { got: trace.text(got) } : {}),
  };
}
