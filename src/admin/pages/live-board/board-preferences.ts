import type { Thresholds } from './board-state.ts';

/** What one person has set for the board on this browser. */
export interface BoardPreferences {
  readonly thresholds: Thresholds;
  readonly sound: boolean;
  readonly showsOffline: boolean;
}

const DEFAULTS: BoardPreferences = {
  thresholds: { waiting: 5, longestWait: 120, serviceLevel: 80 },
  sound: false,
  showsOffline: false,
};

const keyOf = (agentId: string): string => `rtc-desk-console-board-${agentId}`;

export function readPreferences(agentId: string): BoardPreferences {
  const stored = localStorage.getItem(keyOf(agentId));
  if (stored === null) return DEFAULTS;
  const { thresholds, ...others } = JSON.parse(stored) as Partial<BoardPreferences>;
  return { ...DEFAULTS, ...others, thresholds: { ...DEFAULTS.thresholds, ...thresholds } };
}

export function writePreferences(agentId: string, preferences: BoardPreferences): void {
  localStorage.setItem(keyOf(agentId), JSON.stringify(preferences));
}
