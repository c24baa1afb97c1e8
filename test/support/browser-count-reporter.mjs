import { writeFileSync } from 'node:fs';

function countSuite(suite, count) {
  for (const test of suite?.tests ?? []) {
    if (test.skipped) count.skipped += 1;
    else if (test.passed) count.passed += 1;
    else count.failed += 1;
  }
  for (const child of suite?.suites ?? []) countSuite(child, count);
}

/** A reporter for @web/test-runner. It writes the same JSON as node-count-reporter.mjs into `file`. */
export function countReporter(file) {
  const sessions = new Map();
  return {
    reportTestFileResults({ sessionsForTestFile }) {
      for (const session of sessionsForTestFile) sessions.set(session.id, session);
    },
    stop() {
      const count = { passed: 0, failed: 0, skipped: 0 };
      for (const session of sessions.values()) {
        const before = count.failed;
        countSuite(session.testResults, count);
        // A file that does not load, or a hook that throws, is a failure without a failed test.
        if (!session.passed && count.failed === before) count.failed += 1;
      }
      writeFileSync(file, JSON.stringify(count));
    },
  };
}
