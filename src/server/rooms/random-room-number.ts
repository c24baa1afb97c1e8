import { randomInt } from 'node:crypto';

const MAX_TRIES = 5;

/** 1 to 2,147,483,647, which TRTC takes; random, so that nobody guesses the next one. */
export function randomRoomNumber(): number {
  return randomInt(1, 2_147_483_648);
}

/** Runs `attempt` with another number while the number belongs to another room already. */
export async function withRoomNumber<T>(attempt: (room: number) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(randomRoomNumber());
    } catch (error) {
      const { code, constraint } = error as { code?: string; constraint?: string };
      if (code !== '23505' || constraint !== 'rooms_pkey' || tries === MAX_TRIES) throw error;
    }
  }
}
