/**
 * How many contacts each part of the program remembers, so that it asks neither WhatsApp nor the disk about those that
 * are written to. Less than half of a power of two, 32,768: the table behind a map that forgets as it takes in then stays
 * as it is when it has filled up. With 20,000 each doubles once more, a megabyte at a time, after thousands of new contacts.
 */
export const contactsRemembered = 16_000
