/**
 * A reporter for `node --test`. It writes one line of JSON: how many tests passed, failed and were skipped. A suite
 * counts only if it failed and none of its tests did (a hook that throws).
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
