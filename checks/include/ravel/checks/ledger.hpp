// SPDX-License-Identifier: MIT
// Ledger of shared entries: who holds what, since when, acquired where. Finds entries that are still held
// when the round ends, are released twice, released by somebody else, or used after their release, and what
// is kept for reuse but grows from round to round.
// Thread safety: all operations from any thread; they take no lock that the target or a race detector could
// see. Cost: acquired + released with both stacks below 120 ns; memory 64 bytes an entry.
//
//   ravel::checks::ledger sessions{trial, "sessions"};
//   sessions.acquired(key);  ...  sessions.released(key);
//
// Say acquired after the entry exists and released before it is gone, inside the lock that guards the entry
// if several threads use one key; otherwise two threads' reports may arrive in the wrong order. A key that
// is acquired twice is held twice. Objects whose keys may be equal are told apart by their address:
//
//   ravel::checks::ledger left_sessions{trial, "sessions", &left}, right_sessions{trial, "sessions", &right};
//
// For production code there is ravel/annotate.h, a C header.
#pragma once

#include <ravel/trial.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace ravel::checks {

// What names an entry: an integer, an enumerator, a pointer, or a text.
struct entry_key {
  enum class form : std::uint8_t { number, signed_number, address, text };

  template <std::integral Number>
  constexpr entry_key(Number number) noexcept  // NOLINT: a key is written as what it is
      : value(static_cast<std::uint64_t>(number)),
        shape(std::is_signed_v<Number> ? form::signed_number : form::number) {}
  template <class Enum>
    requires std::is_enum_v<Enum>
  constexpr entry_key(Enum value) noexcept  // NOLINT
      : entry_key(static_cast<std::underlying_type_t<Enum>>(value)) {}
  entry_key(const void* address) noexcept  // NOLINT
      : value(reinterpret_cast<std::uintptr_t>(address)), shape(form::address) {}
  entry_key(const char* text) noexcept : entry_key(std::string_view(text)) {}  // NOLINT
  template <class Text>
    requires(std::convertible_to<const Text&, std::string_view> && !std::is_pointer_v<Text>)
  entry_key(const Text& key_text) noexcept : shape(form::text) {  // NOLINT
    const std::string_view view = key_text;
    text = view.data();
    text_size = view.size();
  }

  std::uint64_t value = 0;     // for a text: 0, its hash is taken later
  const char* text = nullptr;  // read during the call only
  std::size_t text_size = 0;
  form shape;
};

enum class entry_scope : std::uint8_t {
  round,  // to be released before the round's body has returned
  test,   // may be held over rounds; to be released when the last round has ended
};

struct ledger_options {
  entry_scope scope = entry_scope::round;
  bool only_owner_releases = false;  // then a release by another thread needs transferred() before
  std::uint64_t growth_limit = 0;    // retained entries or bytes up to here are never called growth
};

namespace detail {
struct ticket_id {
  std::uint32_t entry;  // 0: none
  std::uint32_t generation;
  std::uint64_t key;
  const void* owner;
  entry_key::form shape;
};
ticket_id entry_acquired(std::uint32_t pool, const void* owner, const entry_key& key) noexcept;
void entry_touched(std::uint32_t pool, const void* owner, const entry_key& key, const char* hint) noexcept;
void entry_transferred(std::uint32_t pool, const void* owner, const entry_key& key, const char* to) noexcept;
void entry_released(std::uint32_t pool, const void* owner, const entry_key& key) noexcept;
void entry_retained(std::uint32_t pool, const void* owner, const entry_key& key, const char* reason) noexcept;
void ticket_touched(std::uint32_t pool, const ticket_id& ticket, const char* hint) noexcept;
void ticket_transferred(std::uint32_t pool, const ticket_id& ticket, const char* to) noexcept;
void ticket_released(std::uint32_t pool, const ticket_id& ticket) noexcept;
}  // namespace detail

// The call must not be the caller's last jump, else the caller would be missing from the stack.
#define RAVEL_LEDGER_CALL(call) \
  do {                          \
    call;                       \
    asm volatile("");           \
  } while (false)

// Releases its entry when it goes out of scope. Movable. Belongs to no thread.
class entry_ticket {
 public:
  entry_ticket() noexcept = default;
  entry_ticket(entry_ticket&& other) noexcept : pool_(other.pool_), id_(other.id_) { other.id_.entry = 0; }
  entry_ticket& operator=(entry_ticket&& other) noexcept {
    if (this != &other) {
      release();
      pool_ = other.pool_;
      id_ = other.id_;
      other.id_.entry = 0;
    }
    return *this;
  }
  ~entry_ticket() { release(); }

  [[nodiscard]] bool is_held() const noexcept { return id_.entry != 0; }
  void touched(const char* hint) const noexcept {
    if (is_held()) RAVEL_LEDGER_CALL(detail::ticket_touched(pool_, id_, hint));
  }
  void transferred(const char* to) const noexcept {
    if (is_held()) RAVEL_LEDGER_CALL(detail::ticket_transferred(pool_, id_, to));
  }
  void release() noexcept {
    if (!is_held()) return;
    RAVEL_LEDGER_CALL(detail::ticket_released(pool_, id_));
    id_.entry = 0;
  }

 private:
  friend class ledger;
  entry_ticket(std::uint32_t pool, detail::ticket_id id) noexcept : pool_(pool), id_(id) {}

  std::uint32_t pool_ = 0;
  detail::ticket_id id_{};
};

class ledger {
 public:
  // Ledgers of one name are one pool. Throws usage_error without a name, or when 255 pools are in use.
  ledger(trial& trial, const char* pool, ledger_options options = {});
  // The entries of one of several objects with equal keys: owner is any address that stands for the object. Findings
  // name the pool. Options, and what is retained, are the pool's.
  ledger(trial& trial, const char* pool, const void* owner, ledger_options options = {});
  ledger(const ledger&) = delete;
  ledger& operator=(const ledger&) = delete;

  void acquired(const entry_key& key) noexcept {
    RAVEL_LEDGER_CALL(static_cast<void>(detail::entry_acquired(pool_, owner_, key)));
  }
  // The hint says what was done: "handed to retry queue". Shown with the last place that touched the entry.
  void touched(const entry_key& key, const char* hint) noexcept {
    RAVEL_LEDGER_CALL(detail::entry_touched(pool_, owner_, key, hint));
  }
  // to: a role ("client") or one thread ("client#3"). It is the owner from now on.
  void transferred(const entry_key& key, const char* to) noexcept {
    RAVEL_LEDGER_CALL(detail::entry_transferred(pool_, owner_, key, to));
  }
  void released(const entry_key& key) noexcept { RAVEL_LEDGER_CALL(detail::entry_released(pool_, owner_, key)); }
  // Acquires, and releases at the end of the ticket's life.
  [[nodiscard]] entry_ticket ticket(const entry_key& key) noexcept {
    entry_ticket result{pool_, detail::entry_acquired(pool_, owner_, key)};
    return result;
  }

  // This entry is kept on purpose: not unreleased, but counted; its number must not grow without end.
  void expect_retained(const entry_key& key, const char* reason) noexcept {
    detail::entry_retained(pool_, owner_, key, reason);
  }
  // As above, for any `count` entries that are left when the round ends.
  void expect_retained_entries(std::uint64_t count, const char* reason) noexcept;
  // What the pool keeps for reuse, in bytes, now; the round's last word counts.
  void retained_bytes(std::uint64_t bytes) noexcept;

 private:
  std::uint32_t pool_;
  const void* owner_;
};

}  // namespace ravel::checks
