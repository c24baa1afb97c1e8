/**
 * A reporter of `node --test` that writes how many tests passed, failed and were skipped, as one line of
 * JSON. A suite is no test of its own, unless it failed without any of its tests failing (a broken hook).
 */
export default async function* countTests(source) {
  const count = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const suite = data.details?.type === 'suite';
    const failedByChild = data.details?.error?.failureType === 'subtestsFailed';
    if (type === 'test:fail') {
      if (!failedByChild) count.failed += 1;
    } else if (suite) continue;
    else if (data.skip !== undefined || data.todo !== undefined) count.skipped += 1;
    else count.passed += 1;
  }
  yield JSON.stringify(count);
}
