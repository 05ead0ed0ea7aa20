/** The program's name among all programs: what the package is called with, and what Windows groups windows and notifications by. */
export const appId = 'example.countersign.desktop'
