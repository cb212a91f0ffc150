"""What an office would hand in: rosters, visit forms, ID numbers of invented people."""

import csv
import io

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(birth, sex, serial, area="431002"):
    """A resident ID number (GB 11643) of a birth date 1965-09-10, a sex and a serial of 0 to 499."""
    order = serial * 2 + (1 if sex == "男" else 0)
    body = area + birth.replace("-", "") + f"{order % 1000:03d}"
    return body + "10X98765432"[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body)) % 11]


def wrong_number(number):
    """The same number with a check digit that does not fit."""
    return number[:-1] + ("0" if number[-1] != "0" else "1")


def roster_bytes(rows, encoding="utf-8"):
    """Rows (dictionaries by heading) as the bytes of a CSV file. Headings in the order of their first use."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([row.get(heading, "") for heading in headings])
    return text.getvalue().encode(encoding)


def write_roster(path, rows, encoding="utf-8"):
    path.write_bytes(roster_bytes(rows, encoding))
    return path


def read_csv(path):
    """The rows of a CSV file as dictionaries."""
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


def couple(number, **family):
    """A couple whose only child died, as three rows of a roster. The same number gives the same people."""
    wife, husband, child = f"1966-03-{number % 28 + 1:02d}", f"1964-11-{number % 28 + 1:02d}", "1990-05-06"
    common = {
        "户标识": f"f{number}", "档案号": f"CZ-{number:04d}", "建档日期": "2014-08-04", "区划代码": "431002001",
        "城乡": "城镇", **family}
    return [
        {**common, "姓名": f"李{_name(number)}", "身份": "妻子", "性别": "女", "身份证号": id_number(wife, "女", number),
         "出生日期": wife, "联系电话": f"1380000{number:04d}", "住址": f"某路{number}号"},
        {**common, "姓名": f"陈{_name(number)}", "身份": "丈夫", "性别": "男",
         "身份证号": id_number(husband, "男", number), "出生日期": husband},
        {**common, "姓名": f"陈小{_name(number)}", "身份": "独生子女", "性别": "男", "出生日期": child, "子女状况": "死亡",
         "死亡日期": "2012-03-04"},
    ]


def _name(number):
    """A given name of two characters that no two numbers below 400 share."""
    words = "安宝昌德芳光海和惠吉建军开兰明宁平庆荣文"
    return words[number % 20] + words[number // 20 % 20]


def helpers(number, since="2014-09-01"):
    """The four helpers of a family as columns of a roster."""
    columns = {}
    for kind, who, unit in (("部门", "联系人", "区民政局"), ("干部", "姓名", "街道办"), ("党员", "姓名", "社区支部"),
                            ("志愿者", "姓名", "志愿服务队")):
        columns |= {
            f"结对{kind}单位": unit, f"结对{kind}{who}": f"王{kind[0]}{_name(number)}",
            f"结对{kind}电话": f"1390000{number:04d}", f"结对{kind}起": since}
    return columns
