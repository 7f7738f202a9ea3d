/** How many kills at random moments, over all commands that write. */
export const kills = Number(process.env.WATTLAKE_KILLS ?? 9);

/** Whether every step is tried every time that it is reached, however long it takes. */
export const isThorough = kills >= 200;
