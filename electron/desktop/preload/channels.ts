/** The one channel from the page to the main process, and the two back. */
export const connectChannel = 'countersign:connect'
export const portChannel = 'countersign:port'
export const openChannel = 'countersign:open'

/** What an approval's id looks like; whatever opens a request is held against it on both sides. */
export const approvalIdPattern = /^[A-Za-z0-9_-]{1,100}$/
