/* SPDX-License-Identifier: MIT */
int open_session(int key);
void close_session(int key);

int main(void) {
  close_session(open_session(3));
  return open_session(3) == 3 ? 0 : 1;
}
