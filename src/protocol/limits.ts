/** One constant for each number, so that a browser's bundle has those that it uses and no others. */
export * as limits from './limit-values.ts';
