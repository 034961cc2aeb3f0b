/** The inner dialect itself: nothing is left to do. */
export function upgradeOpenApi31(): void {}
